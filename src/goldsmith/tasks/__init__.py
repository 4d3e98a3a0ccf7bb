"""What is shown and what is asked: question types and the schemas made of them."""
