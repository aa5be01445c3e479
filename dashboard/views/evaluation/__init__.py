"""Did a past policy work?"""
