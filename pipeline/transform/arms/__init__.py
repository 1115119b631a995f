"""The planned path of each arm: what it is given, in which order, in which periods."""
