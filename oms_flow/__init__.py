"""The verbs of an order's life, one a module: load, decide purely, save, name what follows."""
