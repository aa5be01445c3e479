"""What is each model, and how wrong has it been?"""
