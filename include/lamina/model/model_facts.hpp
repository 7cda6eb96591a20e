// ModelFacts: what is known of a model while the program compiles.
#pragma once

#include <lamina/topology/fingerprint.hpp>
#include <lamina/topology/heads.hpp>
#include <lamina/topology/summary.hpp>
#include <lamina/topology/tensors.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace lamina::inline LAMINA_ABI {

/// The layers and tensors of a model, and how many numbers it has.
template <class Inferred>
struct ModelFacts {
    /// Name, shapes, parameters, MACs and bytes of each layer.
    static constexpr auto layers = topology::layer_table<Inferred>;
    /// Name, shape, lifetime and position of each tensor: first those that are trained, layer by layer, then
    /// those that are kept.
    static constexpr auto tensors = topology::tensor_table<Inferred>;
    /// Name, shape and position of each of the outputs that the network has, one if it does not end in
    /// `Outputs`.
    static constexpr std::array<HeadInfo, std::size_t{topology::Heads<Inferred>::count}> heads =
        topology::head_table<Inferred>;
    /// A number that identifies the topology and the shape of its input, in files and in `AnyOf`. It is the
    /// same on every machine, and for float and double.
    static constexpr std::uint64_t fingerprint =
        topology::fingerprint(Inferred::input::extents, layers, layers.size());
    /// Number of elements of the tensors that are trained, without padding.
    static constexpr int parameter_count = [] {
        int n = 0;
        for (const LayerInfo& l : layers)
            n += l.parameters;
        return n;
    }();
    /// Number of elements of the flat array of parameters, with padding; and with the kept tensors behind
    /// them.
    static constexpr int parameter_extent = static_cast<int>(Inferred::table.trained);
    static constexpr int extent = static_cast<int>(Inferred::table.trained + Inferred::table.kept);
    static constexpr long long parameter_bytes =
        static_cast<long long>(extent) * static_cast<long long>(sizeof(typename Inferred::scalar));
    /// Multiply-adds of one forward pass.
    static constexpr long long macs = [] {
        long long n = 0;
        for (const LayerInfo& l : layers)
            n += l.macs;
        return n;
    }();
};

} // namespace lamina::inline LAMINA_ABI
