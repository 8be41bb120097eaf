"""Files: what is read of them, where results go, what paths lead to, and private folders."""
