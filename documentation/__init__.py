"""What the documentation says of settings, commands, tables and assets, made from the code that knows it."""
