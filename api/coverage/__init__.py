"""How much of what is known has declared, by commune and order; small numbers are kept back."""
