"""What a lost or stolen key still sends: it waits until an officer adopts or discards it."""
