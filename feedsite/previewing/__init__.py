"""The site of a folder as its editors see it: what is public, what is not yet, what is wrong (`feedsite preview`)."""
