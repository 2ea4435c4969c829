use relations_core::source::{By, Fetched, Lookup};
use relations_core::{CustomSource, Fetch, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
}

pub struct Service;

impl Fetch<User, i64> for Service {
    type Error = String;
    const BY: &'static [By<User, i64>] = &[By::column(User::ID)];

    async fn fetch(&self, _: Lookup<User, i64>) -> Result<Fetched<User, i64>, String> {
        Ok(Fetched::default())
    }
}

fn main() {
    let service = CustomSource::new(Service);
    let _ = User::all(&service);
}
