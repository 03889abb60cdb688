"""What is made of the model: a folder for each target."""
