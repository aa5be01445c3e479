"""How much demand is coming?"""
