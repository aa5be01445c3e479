"""Where do incidents concentrate?"""
