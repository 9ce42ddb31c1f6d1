"""An invented population for demos and tests: pure, the same for a size, a seed and a day."""
