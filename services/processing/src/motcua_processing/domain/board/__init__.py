"""What the board (bảng theo dõi) draws, as values: days of a dossier, weeks of a unit, bars."""
