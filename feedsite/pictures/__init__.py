"""What picture files say and hold: their sizes, what of them is published, the copies that are made of them."""
