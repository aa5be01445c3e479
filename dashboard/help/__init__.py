"""What pages say of themselves: the words that they use, what each figure is, and where a question is answered."""
