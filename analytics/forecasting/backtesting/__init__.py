"""How wrong a model has been: backtests, their scores, and the model chosen by them."""
