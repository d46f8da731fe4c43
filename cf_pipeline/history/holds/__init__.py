"""Hold lists and deliveries that cannot be true: the doubts, who accepted them, and what holding does."""
