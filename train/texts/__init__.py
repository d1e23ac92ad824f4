"""The networks that read texts: training, teachers, what ships of them, explanations."""
