//! On random rows, two databases together give what one gives, however it is read. The tables that a database does not
//! hold have other random rows.
