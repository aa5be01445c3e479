"""Whether maps came true: hits on later windows, promises, and their intervals."""
