"""Language model: asks a model, and gives its answer."""
