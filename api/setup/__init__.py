"""Who operates this register and on what legal basis; without that it collects nothing."""
