"""What the product costs, each figure against a bound: `python -m benchmarks --help`."""
