"""If: splits the items by conditions. (`if` is a Python keyword, hence the underscore.)"""
