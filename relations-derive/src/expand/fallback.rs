//! What stands where an error was reported: enough for other code to go on, so that one mistake is one error.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Generics, Ident};

use super::{Item, own_columns, relation};
use crate::model::{Model, Relation};
use crate::names;

/// A type that cannot be a model, as one without columns.
pub(super) fn model(input: &DeriveInput) -> TokenStream {
    let (ident, name) = (&input.ident, names::text(&input.ident));
    let key = no_key();
    let model = implement(
        ident,
        &input.generics,
        &quote!(__r::Model),
        &quote! {
            #key
            const NAME: &'static str = #name;
            const PATH: &'static str = #name;
            const TABLE: &'static str = #name;
            const COLUMNS: &'static [__r::ColumnDescriptor] = &[];
            const KEY: &'static [usize] = &[];
            const RELATIONS: &'static [__r::RelationLeaf] = &[];
            const DERIVED: bool = false;
            fn model_descriptor() -> &'static __r::ModelDescriptor {
                static DESCRIPTOR: __r::ModelDescriptor = __r::ModelDescriptor {
                    name: #name,
                    path: #name,
                    table: #name,
                    columns: &[],
                    key: &[],
                    relations: &[],
                };
                &DESCRIPTOR
            }
            fn attach(&mut self, _: &__r::Origins) {}
            fn clear(&self) {}
        },
    );
    let holes = holes(ident, &input.generics);
    quote!(#model #holes)
}

/// What a model with an error lacks: reading rows, and the columns that other models look for in vain.
pub(super) fn holes(ident: &Ident, generics: &Generics) -> TokenStream {
    let mut decoding = generics.clone();
    decoding.params.push(syn::parse_quote!(__B: __r::Backend));
    let (parameters, ..) = decoding.split_for_impl();
    let (_, arguments, bounds) = generics.split_for_impl();
    let predicates = bounds.map(|bounds| &bounds.predicates);
    let column = implement(
        ident,
        generics,
        &quote!(__r::HasColumn<{ __r::check::NONE }>),
        &quote! {
            type Type = __r::check::Unknown;
            fn get(&self) -> &Self::Type {
                &__r::check::Unknown
            }
        },
    );
    let relation = no_relation(ident, generics);
    quote! {
        #[automatically_derived]
        impl #parameters __r::FromRow<__B> for #ident #arguments
        where
            Self: __r::Model,
            #predicates
        {
            fn from_row(_: &__B::Row<'_>, column: usize) -> ::core::result::Result<Self, __r::Undecoded> {
                ::core::result::Result::Err(__r::Undecoded { column, reason: __r::Default::default() })
            }
        }
        #column
        #relation
    }
}

/// What stands where a check says "no relation".
pub(super) fn no_relation(ident: &Ident, generics: &Generics) -> TokenStream {
    implement(
        ident,
        generics,
        &quote!(__r::HasRelation<{ __r::check::NONE }>),
        &quote! {
            type Relation = __r::NoInverse;
        },
    )
}

/// `impl`, with the struct's parameters if it has some although a model may not.
fn implement(ident: &Ident, generics: &Generics, of: &TokenStream, body: &TokenStream) -> TokenStream {
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let predicates = bounds.map(|bounds| &bounds.predicates);
    let bounds = (!generics.params.is_empty()).then(|| {
        quote! {
            where
                Self: __r::Send + __r::Sync + 'static,
                #predicates
        }
    });
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #parameters #of for #ident #arguments #bounds {
            #body
        }
    }
}

/// The key of a model without one: takes any value that is copied, so that `find` is no second error.
pub(super) fn no_key() -> TokenStream {
    quote! {
        type Id = __r::check::Unknown;
        type Key = ();
        fn key_of(_: Self::Id) -> Self::Key {}
        fn key(&self) -> Self::Key {}
    }
}

/// The type of a relation's key; `()` if it has a fault.
pub(super) fn key_type(model: &Model, relation: &Relation) -> TokenStream {
    let types = own_columns(model, relation).map(|(_, column)| &column.bare);
    if relation.sound { quote!((#(#types,)*)) } else { quote!(()) }
}

/// A relation that has a fault: leads where it should, by no key.
pub(super) fn relation(model: &Model, item: &Item<'_>) -> TokenStream {
    let Item { relation, ty, .. } = item;
    let (ident, name, target, field) = (&model.ident, &relation.name, &relation.target, &relation.field);
    let kind = relation::kind(relation.kind);
    let unit = relation::unit(&model.vis, ty);
    let (field_ty, field) = match &relation.ty {
        Some(ty) => (quote!(#ty), quote!(&owner.#field)),
        // There is no such field; nothing of this ever runs.
        None => (relation::field_type(relation), quote!(loop {})),
    };
    quote! {
        #unit
        #[automatically_derived]
        impl __r::Relation for #ty {
            type Owner = #ident;
            type Target = #target;
            type Key = ();
            type Field = #field_ty;
            type Inverse = __r::NoInverse;
            const INDEX: usize = usize::MAX;
            const DESCRIPTOR: __r::RelationDescriptor = __r::RelationDescriptor {
                name: #name,
                owner: <#ident as __r::Model>::model_descriptor,
                kind: #kind,
                target: <#target as __r::Model>::model_descriptor,
                required: false,
                owner_columns: &[],
                target_columns: &[],
                inverse: __r::Option::None,
                order: &[],
            };
            fn field(owner: &#ident) -> &Self::Field {
                #field
            }
            fn owner_key(_: &#ident) -> __r::Option<()> {
                __r::Option::None
            }
            fn target_key(_: &#target) -> __r::Option<()> {
                __r::Option::None
            }
        }
    }
}
