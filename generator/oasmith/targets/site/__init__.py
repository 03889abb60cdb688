"""What site generators and other programs read of the docs."""
