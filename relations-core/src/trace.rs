//! What loads say of themselves to `tracing`: a span for each, a warning of the audit. Nothing without the feature, and
//! next to nothing while nobody listens.

use crate::audit::NPlusOne;
use crate::descriptor::RelationDescriptor;
#[cfg(feature = "tracing")]
use crate::error::RelationName;

/// The span of one load: `load`, with the target `relations::load`.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(feature = "tracing")]
impl Load {
    /// A load of some rows of a model, perhaps for a relation, by so many keys.
    pub(crate) fn new(model: &'static str, relation: Option<&'static RelationDescriptor>, keys: usize) -> Self {
        use tracing::field::Empty;
        let span = tracing::debug_span!(
            target: "relations::load",
            "load",
            model,
            relation = relation.map(|relation| tracing::field::display(RelationName(relation))),
            keys,
            hits = Empty,
            misses = Empty,
            statements = Empty,
            rows = Empty,
        );
        Self { span }
    }

    /// A load that is not told of.
    pub(crate) fn untold() -> Self {
        Self { span: tracing::Span::none() }
    }

    /// Whether anybody listens.
    pub(crate) fn is_heard(&self) -> bool {
        !self.span.is_disabled()
    }

    /// The load itself.
    pub(crate) fn around<F: Future>(&self, load: F) -> impl Future<Output = F::Output> + use<F> {
        tracing::Instrument::instrument(load, self.span.clone())
    }

    /// So many keys were in the cache, and so many not.
    pub(crate) fn looked(&self, hits: usize, misses: usize) {
        self.span.record("hits", hits);
        self.span.record("misses", misses);
    }

    /// So many statements were sent.
    pub(crate) fn sent(&self, statements: usize) {
        self.span.record("statements", statements);
    }

    /// So many rows came of it.
    pub(crate) fn found(&self, rows: usize) {
        self.span.record("rows", rows);
    }
}

#[cfg(not(feature = "tracing"))]
impl Load {
    pub(crate) fn new(_: &'static str, _: Option<&'static RelationDescriptor>, _: usize) -> Self {
        Self {}
    }

    pub(crate) fn untold() -> Self {
        Self {}
    }

    pub(crate) fn is_heard(&self) -> bool {
        false
    }

    pub(crate) fn around<F: Future>(&self, load: F) -> F {
        load
    }

    pub(crate) fn looked(&self, _: usize, _: usize) {}

    pub(crate) fn sent(&self, _: usize) {}

    pub(crate) fn found(&self, _: usize) {}
}

/// Who listens, and the span it happens in: to go on with on another thread.
#[cfg(feature = "sqlite")]
#[derive(Debug, Clone)]
pub(crate) struct Context {
    #[cfg(feature = "tracing")]
    listening: Option<(tracing::Dispatch, tracing::Span)>,
}

#[cfg(feature = "sqlite")]
impl Context {
    pub(crate) fn current() -> Self {
        Self {
            #[cfg(feature = "tracing")]
            listening: tracing::dispatcher::has_been_set()
                .then(|| (tracing::dispatcher::get_default(Clone::clone), tracing::Span::current())),
        }
    }

    /// Does the work in this context.
    pub(crate) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        #[cfg(feature = "tracing")]
        if let Some((dispatch, span)) = &self.listening {
            return tracing::dispatcher::with_default(dispatch, || span.in_scope(work));
        }
        work()
    }
}

/// One relation was loaded row by row.
pub(crate) fn n_plus_one(found: &NPlusOne) {
    #[cfg(feature = "tracing")]
    tracing::warn!(
        target: "relations::load",
        relation = %found.relation,
        file = found.location.file(),
        line = found.location.line(),
        loads = found.loads,
        "{found}"
    );
    #[cfg(not(feature = "tracing"))]
    let _ = found;
}
