//! A relation through others: its way as a type, whose parts are looked up in the models on the way.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::{Item, Plan, number, relation};
use crate::attr::Kind;
use crate::model::Through;
use crate::names;

/// A sound relation through others.
pub(super) fn relation(plan: &Plan<'_>, item: &Item<'_>, route: &Through) -> TokenStream {
    let (Item { relation, index, ty, .. }, model) = (item, plan.model);
    let (ident, field, field_ty, index) = (&model.ident, &relation.field, &relation.ty, number(*index));
    let Some(first) = model.first(route).and_then(|first| plan.sound.iter().find(|it| it.relation.name == first.name))
    else {
        return TokenStream::new();
    };
    let first_ty = &first.ty;
    let hops = route.hops.iter().map(names::text);
    let (lookups, way) = way(item, first, route);
    let unit = relation::unit(model, item);
    // A way that is less visible than its model, or starts so, is not for others to lead over.
    let place = relation::is_as_visible(model, relation)
        .then(|| quote!(impl __r::HopAt<#index> for #ident { type Relation = #ty; }));
    quote! {
        #unit
        impl #ty {
            #lookups
        }
        #place
        impl __r::Relation for #ty {
            type Owner = #ident;
            type Field = #field_ty;
            type Key = <#first_ty as __r::Relation>::Key;
            type Route = #way;
            const INDEX: usize = #index;
            const DESCRIPTOR: __r::RelationDescriptor = __r::describe_through::<Self>(&[#(#hops),*]);
            fn field(owner: &#ident) -> &Self::Field {
                &owner.#field
            }
            fn owner_key(owner: &#ident) -> __r::Option<Self::Key> {
                <#first_ty as __r::Relation>::owner_key(owner)
            }
        }
    }
}

/// The positions of the relations on the way, each looked up at the user's word, and the way as a type.
fn way(item: &Item<'_>, first: &Item<'_>, route: &Through) -> (TokenStream, TokenStream) {
    let (target, one) = (&item.relation.target, item.relation.kind == Kind::HasOne);
    let (first_ty, first_target) = (&first.ty, &first.relation.target);
    let last = route.hops.len() - 1;
    let (mut lookups, mut hops) = (Vec::new(), vec![quote!(#first_ty)]);
    let mut start = quote!(#first_target);
    for (at, hop) in route.hops.iter().enumerate().skip(1) {
        let (name, place) = (names::text(hop), hop.span());
        let position = Ident::new(&format!("HOP_{at}"), place);
        let found = if at == last {
            quote_spanned!(place=> __r::check::last_hop::<#start, #target>(#name, #one))
        } else {
            quote_spanned!(place=> __r::check::hop::<#start>(#name, #one))
        };
        lookups.push(quote!(const #position: usize = #found;));
        let hop = if at == last {
            quote_spanned!(place=> <#start as __r::RelationAt<{ Self::#position }, #target>>::Relation)
        } else {
            quote_spanned!(place=> <#start as __r::HopAt<{ Self::#position }>>::Relation)
        };
        start = quote_spanned!(place=> __r::Target<#hop>);
        hops.push(hop);
    }
    let way = hops.into_iter().rev().reduce(|rest, hop| quote!(__r::Over<#hop, #rest>)).unwrap_or_default();
    (quote!(#(#lookups)*), way)
}
