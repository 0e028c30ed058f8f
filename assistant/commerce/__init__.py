"""Money, catalogue, orders, prices, stock and payment states: values and pure functions, no I/O."""
