import { computed, reactive, ref } from 'vue'
import type { ModelDescriptor } from '../../src-main/contract/dto/model.ts'
import { differs, formIssues, presetValues, type FormValues } from './param-form.ts'

/** A model, one of its presets, and values that a person may change: what training and building have in common. */
export function modelForm(find: (id: string) => ModelDescriptor | undefined) {
  const modelId = ref('')
  const presetId = ref('')
  const values = reactive<FormValues>({})
  const model = computed(() => find(modelId.value))
  const preset = computed(() => (model.value ? presetValues(model.value, presetId.value) : {}))
  const issues = computed(() => (model.value ? formIssues(model.value.params, values) : {}))

  function choosePreset(id: string) {
    presetId.value = id
    for (const name of Object.keys(values)) delete values[name]
    Object.assign(values, preset.value)
  }
  function chooseModel(id: string) {
    modelId.value = id
    choosePreset(model.value?.defaultPreset ?? '')
  }
  /** Takes over a whole setting: what it does not say, or what this version of the model does not know, is the preset's. */
  function take(setting: { readonly model: string; readonly preset: string; readonly params: Readonly<FormValues> }) {
    modelId.value = setting.model
    const known = model.value?.presets.some(({ id }) => id === setting.preset)
    choosePreset(known ? setting.preset : (model.value?.defaultPreset ?? ''))
    for (const [name, value] of Object.entries(setting.params)) if (name in (model.value?.params ?? {})) values[name] = value
  }
  /** Names of what differs from the preset. */
  const changed = computed(() =>
    Object.entries(model.value?.params ?? {}).flatMap(([name, spec]) =>
      differs(spec, values[name], preset.value[name] ?? spec.default) ? [name] : [],
    ),
  )
  return { modelId, presetId, values, model, preset, issues, changed, choosePreset, chooseModel, take }
}
