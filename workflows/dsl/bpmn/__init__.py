"""Write an item as BPMN 2.0 with its diagram, and read the same item back."""
