"""What training needs besides a network: optimizers, callbacks, the LR range test."""
