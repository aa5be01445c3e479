"""Work over a second, in processes of its own: how they are born, their queues, and what is asked of them."""
