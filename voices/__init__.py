"""What people who use services and carers say. Nothing is stored here yet."""
