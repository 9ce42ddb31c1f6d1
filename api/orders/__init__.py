"""What the province ordered: deadline, places, pledge text, how long it lasts."""
