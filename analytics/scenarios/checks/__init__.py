"""Whether an engine keeps the contract: named checks, and what they try it on."""
