"""Which option is better?"""
