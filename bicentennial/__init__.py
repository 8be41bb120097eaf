"""The U.S.–Mexico Bicentennial Framework as open, linked, bilingual data, and a validator for partners' datasets."""
