"""As of an instant, these foreigners live or work here, and nobody else."""
