"""An evaluator of Amazon States Language for tests: strict where AWS is strict, without time and without a network."""
