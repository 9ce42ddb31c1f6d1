"""Buildings and rooms where foreigners live or work, and who answers for them."""
