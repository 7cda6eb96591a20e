// Structure: what a run-time network consists of, apart from its numbers: its layers, the table of them, and
// the plans of its passes.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/dynamic/parse.hpp>
#include <lamina/dynamic/plan.hpp>
#include <lamina/topology/heads.hpp>
#include <lamina/topology/summary.hpp>
#include <lamina/topology/tensors.hpp>

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace lamina::inline LAMINA_ABI::dynamic {

/// It is made once, and shared by a network, its copies and their passes.
class Structure {
  public:
    /// `make(text, index, inputs)` gives each layer. `paths` are their names in files; their numbers if there
    /// are none. Throws `shape_error` if a layer does not fit its inputs.
    Structure(const TopologyText& text, auto make, std::span<const std::string> paths) : input{text.input} {
        Table listed; // in the order of the text
        listed.shape = input;
        listed.is_exact = text.is_exact;
        std::vector<std::vector<int>> values; // that each layer reads
        for (const LayerText& layer : text.layers) {
            const int e = static_cast<int>(layers.size());
            std::vector<int> read{e}; // value e is that of the layer before
            if (!layer.sources.empty())
                read.assign(layer.sources.begin(), layer.sources.end());
            for (int& v : read)
                v += static_cast<int>(!layer.sources.empty());
            std::vector<dims> in;
            for (const int v : read)
                in.push_back(listed.extents_of(v));
            layers.push_back(make(layer, e, in));
            listed.append(element(e, paths), read.data(), static_cast<int>(read.size()));
            values.push_back(std::move(read));
        }
        listed.result = listed.count;
        require_sound(listed);
        describe(listed);
        order(listed, values);
        plan();
    }
    Structure(const Structure&) = delete;
    Structure& operator=(const Structure&) = delete;

    dims input;
    std::vector<std::shared_ptr<const Layer>> layers;
    std::vector<LayerInfo> infos;
    std::vector<HeadInfo> heads;
    std::vector<int> last_layers; ///< of each head: the last one that does not only reshape
    std::vector<ModelTensor> tensors;
    int parameter_extent = 0, extent = 0;

    /// In the order in which they are computed: an activation that never decreases comes behind the max pool
    /// that follows it, where there is less to do and the result is the same.
    Table table;
    std::vector<int> layer_of; ///< of each element
    Plan inference{plan_of_nothing()}, training{plan_of_nothing()};

    [[nodiscard]] const Layer& layer(const topology::Operation& op) const noexcept { return at(op.element); }
    [[nodiscard]] const Layer* activation(const topology::Operation& op) const noexcept {
        return op.activation < 0 ? nullptr : &at(op.activation);
    }
    [[nodiscard]] const Layer& at(int element) const noexcept {
        return *layers[static_cast<std::size_t>(layer_of[static_cast<std::size_t>(element)])];
    }
    [[nodiscard]] Where where(int e) const { return {e, layers[static_cast<std::size_t>(e)]->name}; }

  private:
    [[nodiscard]] static Plan plan_of_nothing() { return {Table{}, Purpose::inference, Fusion::on}; }

    [[nodiscard]] topology::Element element(int e, std::span<const std::string> paths) const {
        const Layer& layer = *layers.back();
        topology::Element element;
        if (paths.empty())
            element.path << e;
        else
            element.path << paths[static_cast<std::size_t>(e)];
        element.route.levels = 1;
        element.input = layer.inputs[0];
        element.output = layer.output;
        element.trained_tensors = {layer.trained.data(), static_cast<int>(layer.trained.size())};
        element.kept_tensors = {layer.kept.data(), static_cast<int>(layer.kept.size())};
        element.trained = extent_of(layer.trained, topology::aligned<float>(1));
        element.kept = extent_of(layer.kept, topology::aligned<float>(1));
        element.facts = layer.facts;
        return element;
    }
    void require_sound(const Table& listed) const {
        if (const int e = listed.first_beyond(most_elements); e >= 0)
            where(e).expect(false, "a network can have at most 2,147,483,647 parameters", "parameters<",
                            listed.end_of(e), ">::are_too_many");
        if (const int e = listed.first_outputs_within(false); e >= 0)
            where(e).expect(
                false,
                "Outputs are the outputs of the whole network: the last member of the Net that a "
                "Model takes, not of a Net inside of it. Within a network branches end in a Concat",
                "must_be_the_last_of_the_network");
        if (const int e = listed.first_unread(); e >= 0)
            where(e).expect(false,
                            "no layer reads the output of this layer, and the network does not return it",
                            "has_an_output_that_nothing_reads");
    }
    void describe(const Table& listed) {
        for (int e = 0; e < listed.count; ++e) {
            const topology::Element& element = listed.elements[e];
            infos.push_back({element.facts.name, topology::sources_of(listed, e), element.path, element.input,
                             element.output, static_cast<int>(element.trained_tensors.extent()),
                             element.facts.macs,
                             static_cast<long long>(element.output.size() * sizeof(float))});
        }
        const topology::Element& last = listed.elements[listed.count - 1];
        for (int k = 0, offset = 0; k < (last.facts.is_outputs ? last.inputs : 1); ++k) {
            const int v = last.facts.is_outputs ? listed.input(listed.count - 1, k) : listed.result;
            const dims shape = listed.extents_of(v);
            heads.push_back({Text{} << k, shape, offset});
            offset += static_cast<int>(shape.size());
            const int e = listed.computed_by(v);
            last_layers.push_back(e < 0 ? 0 : e);
        }
        tensors.resize(topology::count_tensors(listed));
        topology::list_tensors<float>(listed, tensors.data());
        parameter_extent = static_cast<int>(listed.trained);
        extent = static_cast<int>(listed.trained + listed.kept);
    }
    void order(const Table& listed, const std::vector<std::vector<int>>& values) {
        table.shape = input;
        table.is_exact = listed.is_exact;
        const auto append = [&](int e, const dims& in, const dims& out, const std::vector<int>& read) {
            topology::Element element = listed.elements[e];
            element.input = in;
            element.output = out;
            table.append(element, read.data(), static_cast<int>(read.size()));
            layer_of.push_back(e);
        };
        for (int e = 0; e < listed.count; ++e) {
            const topology::Element &own = listed.elements[e],
                                    &next = listed.elements[e + 1 < listed.count ? e + 1 : e];
            const auto& read = values[static_cast<std::size_t>(e)];
            if (e + 1 < listed.count && own.facts.is_activation && own.facts.never_decreases &&
                layers[static_cast<std::size_t>(e) + 1]->is_max_pool && listed.readers(e + 1) == 1 &&
                listed.input(e + 1) == e + 1) {
                append(e + 1, own.input, next.output, read);
                append(e, next.output, next.output, {e + 1});
                ++e;
            } else {
                append(e, own.input, own.output, read);
            }
        }
        table.result = table.count;
    }
    void plan() {
        inference = plan_inference(table, Samples::pack);
        const topology::TooMany found = topology::too_many_values(inference.flow(table), inference.workspace,
                                                                  inference.workspace, most_elements);
        require_room(inference, found);
        training = plan_training(table, false, [&](const Flow& flow, int op) {
            const Layer& own = layer(flow.operations.all[op]);
            OperationNeeds needs;
            needs.scratch = own.scratch; // forward uses it too, so it is there where no gradient is wanted
            for (int k = 0; k < flow.inputs(op); ++k)
                if (flow.has_gradient(flow.input(op, k), false) && flow.adds(op, k) && !own.adds)
                    needs.scratch += static_cast<long long>(own.inputs[0].size());
            needs.saved = extent_of(own.saved);
            needs.gathered = static_cast<int>(extent_of(own.gathered));
            needs.gathered_gradient = static_cast<int>(extent_of(own.gathered_gradient));
            return needs;
        });
    }

  public:
    /// Throws `shape_error` if an operation needs too much.
    void require_room(const Plan& plan, const topology::TooMany& found) const {
        if (found.operation >= 0)
            where(layer_of[static_cast<std::size_t>(plan.operations.all[found.operation].element)])
                .expect(false,
                        "up to this layer the activations of a pass, and their gradients in training, need "
                        "more elements than an array can have: use smaller images, fewer channels or fewer "
                        "layers",
                        "activations<", found.extent, ">::are_more_than<", most_elements, ">");
    }
};

} // namespace lamina::inline LAMINA_ABI::dynamic
