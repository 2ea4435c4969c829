//! Builds the behaviours for those servers whose URL is set, and says loudly which are left out.

use std::env;

fn main() {
    for (url, on, name) in [
        ("RELATIONS_TEST_POSTGRES_URL", "on_postgres", "PostgreSQL"),
        ("RELATIONS_TEST_MYSQL_URL", "on_mysql", "MySQL or MariaDB"),
    ] {
        println!("cargo:rerun-if-env-changed={url}");
        println!("cargo:rustc-check-cfg=cfg({on})");
        if env::var(url).is_ok_and(|url| !url.is_empty()) {
            println!("cargo:rustc-cfg={on}");
        } else {
            println!("cargo:warning={url} is not set: nothing is tested on {name}");
        }
    }
}
