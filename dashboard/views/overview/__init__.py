"""What is happening, and how fresh is what we know?"""
