"""Which product, customer and ship-to are meant: normalise, candidates, features, decision, with reasons."""
