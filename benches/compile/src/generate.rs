//! Writes the crates: for each framework a workspace, in it a crate for each number of models, a file for each model.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::Result;
use crate::framework::Framework;
use crate::schema::{ColumnType, Layout, Model, schema};

/// Which models a crate has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// How many.
    pub size: usize,
    /// How far their relations lead.
    pub layout: Layout,
    /// The limit of recursion that its root asks for, if not the compiler's.
    pub recursion: Option<usize>,
}

impl Contents {
    /// So many models in shops.
    pub fn shops(size: usize) -> Self {
        Self { size, layout: Layout::Shops, recursion: None }
    }

    /// So many models in one ring.
    pub fn ring(size: usize, recursion: Option<usize>) -> Self {
        Self { size, layout: Layout::Ring, recursion }
    }

    /// The name of the package.
    pub fn package(&self) -> String {
        let layout = match self.layout {
            Layout::Shops => "shops",
            Layout::Ring => "ring",
        };
        format!("{layout}{}{}", self.size, if self.recursion.is_some() { "_deep" } else { "" })
    }
}

/// A generated crate.
pub struct Generated {
    /// What its models are written for.
    pub framework: &'static Framework,
    /// Which models it has.
    pub contents: Contents,
    /// The directory of its workspace.
    pub workspace: PathBuf,
    models: Vec<Model>,
    edition: usize,
}

impl Generated {
    fn write(framework: &'static Framework, workspace: &Path, contents: Contents) -> Result<Self> {
        let models = schema(contents.size, contents.layout);
        let written = Self { framework, contents, workspace: workspace.to_owned(), models, edition: 0 };
        fs::create_dir_all(written.source())?;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}",
            name = written.package(),
            dependencies = framework.dependencies.replace("{core}", &core()),
        );
        fs::write(workspace.join(written.package()).join("Cargo.toml"), manifest)?;
        let modules = written.models.iter().map(|model| format!("pub mod {};\n", model.name.module));
        let limit =
            contents.recursion.map(|limit| format!("#![recursion_limit = \"{limit}\"]\n\n")).unwrap_or_default();
        fs::write(written.root(), modules.fold(limit, |text, module| text + &module))?;
        for model in &written.models {
            written.write_model(model)?;
        }
        Ok(written)
    }

    /// The name of its package.
    pub fn package(&self) -> String {
        self.contents.package()
    }

    /// Makes the crate look changed, so that it is compiled anew.
    pub fn touch(&self) -> Result<()> {
        Ok(fs::File::options().append(true).open(self.root())?.set_modified(SystemTime::now())?)
    }

    /// Changes what the function beside one of the models says.
    pub fn change_text(&mut self) -> Result<()> {
        self.edition += 1;
        self.write_model(&self.models[self.changed()])
    }

    /// Gives the same model one column more.
    pub fn add_column(&mut self) -> Result<()> {
        let (changed, name) = (self.changed(), format!("extra{}", self.edition));
        self.models[changed].columns.push((name, ColumnType::Text));
        self.write_model(&self.models[changed])
    }

    /// The model that changes: a `Customer` in the middle.
    fn changed(&self) -> usize {
        self.contents.size / 20 * 10 + 1
    }

    fn write_model(&self, model: &Model) -> Result<()> {
        let text = format!(
            "{model}\n/// What this file is about.\npub fn greeting() -> &'static str {{\n    \"{table}, edition {edition}\"\n}}\n",
            model = (self.framework.model)(model),
            table = model.name.table,
            edition = self.edition,
        );
        Ok(fs::write(self.source().join(&model.name.module).with_extension("rs"), text)?)
    }

    fn root(&self) -> PathBuf {
        self.source().join("lib.rs")
    }

    fn source(&self) -> PathBuf {
        self.workspace.join(self.package()).join("src")
    }
}

/// Writes a framework's workspace with these crates, and the lock file that is kept for it.
pub fn workspace(framework: &'static Framework, directory: &Path, crates: &[Contents]) -> Result<Vec<Generated>> {
    fs::create_dir_all(directory)?;
    let members: Vec<String> = crates.iter().map(|contents| format!("{:?}", contents.package())).collect();
    let text = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
    fs::write(directory.join("Cargo.toml"), text)?;
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("locks").join(framework.name).with_extension("lock");
    if kept.exists() {
        fs::copy(kept, directory.join("Cargo.lock"))?;
    }
    crates.iter().map(|&contents| Generated::write(framework, directory, contents)).collect()
}

fn core() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../relations-core").display().to_string()
}
