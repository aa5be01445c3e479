"""What do the roads carry, where is time lost, and what would an option change?"""
