//! What stands where an error was reported: enough for other code to go on, so that one mistake is one error.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, GenericParam, Generics, Ident, parse_quote};

use super::{Item, relation};
use crate::model::{Model, Route};
use crate::names;

/// A type that cannot be a model, as one without columns.
pub(super) fn model(input: &DeriveInput) -> TokenStream {
    let (ident, name) = (&input.ident, names::text(&input.ident));
    let key = no_key();
    let body = quote! {
        #key
        const NAME: &'static str = #name;
        const PATH: &'static str = #name;
        const TABLE: &'static str = #name;
        const COLUMNS: &'static [__r::ColumnDescriptor] = &[];
        const KEY: &'static [usize] = &[];
        const RELATIONS: &'static [__r::RelationLeaf] = &[];
        const DERIVED: bool = false;
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            static DESCRIPTOR: __r::ModelDescriptor = __r::ModelDescriptor {
                name: #name,
                path: #name,
                table: #name,
                columns: &[],
                key: &[],
                relations: &[],
                own_relations: &[],
                extends: __r::Option::None,
            };
            &DESCRIPTOR
        };
        fn attach(&mut self, _: &__r::Origins) {}
        fn clear(&self) {}
    };
    let model = implement(ident, &input.generics, None, &quote!(__r::Model), &body);
    let holes = holes(ident, &input.generics);
    quote!(#model #holes)
}

/// What a model with an error lacks: reading rows, and the columns that other models look for in vain.
pub(super) fn holes(ident: &Ident, generics: &Generics) -> TokenStream {
    let reading = quote! {
        fn from_row(_: &__B::Row<'_>, column: usize) -> ::core::result::Result<Self, __r::Undecoded> {
            ::core::result::Result::Err(__r::Undecoded { column, reason: __r::Default::default() })
        }
    };
    let column = quote! {
        fn get(&self) -> &__r::check::Unknown {
            &__r::check::Unknown
        }
    };
    let column_at = quote!(__r::ColumnAt<{ __r::check::NONE }, __r::check::Unknown>);
    let reading =
        implement(ident, generics, Some(parse_quote!(__B: __r::Backend)), &quote!(__r::FromRow<__B>), &reading);
    let column = implement(ident, generics, None, &column_at, &column);
    let relation = no_relation(ident, generics);
    let morph_body = quote! {
        const TAG: &'static str = "";
        fn key(&self) -> __r::Option<__T::Key> {
            __r::Option::None
        }
        fn point_back(&self, _: &__r::WeakRef<__T>) {}
    };
    let morph_at = quote!(__r::MorphAt<{ __r::check::NONE }, __T>);
    let morph = implement(ident, generics, Some(parse_quote!(__T: __r::Model)), &morph_at, &morph_body);
    quote!(#reading #column #relation #morph)
}

/// What stands where a check says "no relation".
pub(super) fn no_relation(ident: &Ident, generics: &Generics) -> TokenStream {
    let relation_at = quote!(__r::RelationAt<{ __r::check::NONE }, __T>);
    let body = quote!(
        type Relation = __r::NoInverse;
    );
    implement(ident, generics, Some(parse_quote!(__T)), &relation_at, &body)
}

/// `impl`, with the struct's parameters if it has some although a model may not, and one of the trait's.
pub(super) fn implement(
    ident: &Ident,
    generics: &Generics,
    parameter: Option<GenericParam>,
    of: &TokenStream,
    body: &TokenStream,
) -> TokenStream {
    let mut all = generics.clone();
    all.params.extend(parameter);
    let (parameters, _, _) = all.split_for_impl();
    let (_, arguments, bounds) = generics.split_for_impl();
    let predicates = bounds.map(|bounds| &bounds.predicates);
    let bounds = (!generics.params.is_empty()).then(|| {
        quote! {
            where
                Self: __r::Send + __r::Sync + 'static,
                #predicates
        }
    });
    quote! {
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

/// A relation that has a fault: leads where it should, by no key, from no field. Nothing of it ever runs.
pub(super) fn relation(model: &Model, item: &Item<'_>) -> TokenStream {
    let Item { relation, ty, .. } = item;
    let (ident, name, target) = (&model.ident, &relation.name, &relation.target);
    let kind = relation::kind(relation);
    let unit = relation::unit(model, item);
    let field_ty = format_ident!("{}", relation.kind.type_name());
    let field_target = match (relation.optional && !relation.kind.is_many(), relation.kept()) {
        (true, _) => quote!(__r::Option<#target>),
        (false, Some(kept)) => quote!(#target, #kept),
        (false, None) => quote!(#target),
    };
    let (route, reached) = match &relation.route {
        Route::ByKey(_) => (
            quote!(ByKey),
            quote! {
                impl __r::Direct for #ty {
                    type Inverse = __r::NoInverse;
                    fn target_key(_: &#target) -> __r::Option<()> {
                        __r::Option::None
                    }
                }
            },
        ),
        Route::Morph(_) | Route::Through(_) => (quote!(Nowhere), quote!()),
        Route::OverPivot(route) => {
            let pivot = route.kept.as_ref().unwrap_or(target);
            (
                quote!(OverPivot),
                quote! {
                    impl __r::Pivoted for #ty {
                        type Pivot = #pivot;
                        type Near = __r::ByRelation<__r::NoInverse>;
                        type Far = __r::ByRelation<__r::NoInverse>;
                    }
                },
            )
        }
    };
    let one = match &relation.route {
        Route::Morph(_) => quote!(__r::Option::None),
        _ => quote!(__r::Option::Some(<#target as __r::Model>::model_descriptor)),
    };
    quote! {
        #unit
        #[automatically_derived]
        impl __r::Relation for #ty {
            type Owner = #ident;
            type Field = __r::#field_ty<#field_target>;
            type Key = ();
            type Route = __r::#route;
            const INDEX: usize = usize::MAX;
            const DESCRIPTOR: __r::RelationDescriptor = __r::RelationDescriptor {
                name: #name,
                owner: <#ident as __r::Model>::model_descriptor,
                kind: #kind,
                target: #one,
                variants: &[],
                morph: __r::Option::None,
                required: false,
                owner_columns: &[],
                target_columns: &[],
                inverse: __r::Option::None,
                order: &[],
                pivot: __r::Option::None,
                through: &[],
                overrides: __r::Option::None,
                cache: __r::CacheSettings::INHERITED,
            };
            fn field(_: &#ident) -> &Self::Field {
                loop {}
            }
            fn owner_key(_: &#ident) -> __r::Option<()> {
                __r::Option::None
            }
        }
        #reached
    }
}
