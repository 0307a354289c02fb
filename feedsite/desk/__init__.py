"""What editors begin with, and what they look at: a new site, a new article, all articles, what is said of one."""
