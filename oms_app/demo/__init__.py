"""The demo company: invented master data and orders from a seed, for `make run`, soaks and benchmarks."""
